// Times and numbers as the reader sees them.

const UNITS = [
  [1e9, "s"],
  [1e6, "ms"],
  [1e3, "µs"],
  [1, "ns"],
];

// Nanoseconds as people write them: `3 s`, `2.5 s`, `250 ms`. Three places at most.
export function time(nanos) {
  const [size, unit] = UNITS.find(([size]) => nanos >= size) ?? UNITS[0];
  return `${Number((Math.floor((nanos * 1000) / size) / 1000).toFixed(3))} ${unit}`;
}

// `3000` as `3,000`.
export const count = (number) => number.toLocaleString("en");

// `1 step`, `2 steps`.
export const several = (number, what) => `${count(number)} ${what}${number === 1 ? "" : "s"}`;
