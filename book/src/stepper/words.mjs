// Numbers as the reader sees them.

// `3000` as `3,000`.
export const count = (number) => number.toLocaleString("en");

// `1 step`, `2 steps`.
export const several = (number, what) => `${count(number)} ${what}${number === 1 ? "" : "s"}`;
