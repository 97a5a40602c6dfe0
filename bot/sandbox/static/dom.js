/** Small makers of DOM nodes. Text is always set as text, so that nothing a person wrote becomes markup. */

// Blue, violet, magenta, red, green, teal: dark enough for white initials.
const HUES = [215, 262, 318, 4, 155, 188];

/** A new element with attributes (false and undefined are left out) and children (nodes or text). */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

/** A button that runs `press` when it is pressed. */
export function button(attributes, press, ...children) {
  const node = element("button", { type: "button", ...attributes }, ...children);
  node.addEventListener("click", press);
  return node;
}

/** One of the drawings in icons.svg; decoration only, hidden from screen readers. */
export function icon(name) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `/page/icons.svg#${name}`);
  drawing.append(use);
  return drawing;
}

/** Call `leave` when one clicks outside these nodes, or presses Escape in one of them. */
export function onLeaving(nodes, leave) {
  document.addEventListener("click", (event) => {
    if (!nodes.some((node) => node.contains(event.target))) leave();
  });
  for (const node of nodes) node.addEventListener("keydown", (event) => event.key === "Escape" && leave());
}

/** A round picture with a name's initials, always in the same colour for the same name. */
export function avatar(name) {
  const node = element("span", { class: "avatar", "aria-hidden": "true" }, initials(name));
  node.style.setProperty("--hue", String(hue(name)));
  return node;
}

function initials(name) {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => (word ?? "").charAt(0)).join("").toUpperCase();
}

function hue(name) {
  return HUES[[...name].reduce((sum, character) => sum + character.codePointAt(0), 0) % HUES.length];
}
