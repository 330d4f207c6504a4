// Making elements.

const SVG = "http://www.w3.org/2000/svg";

function furnish(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== undefined));
  return node;
}

// An element. Attributes whose value is a function listen to the event of that name.
export const el = (tag, attributes = {}, ...children) => furnish(document.createElement(tag), attributes, children);

// The same, in a picture.
export const svg = (tag, attributes = {}, ...children) =>
  furnish(document.createElementNS(SVG, tag), attributes, children);

let names = 0;

// An id that nobody else on the page has.
export const freshId = (what) => `ts-${what}-${++names}`;
