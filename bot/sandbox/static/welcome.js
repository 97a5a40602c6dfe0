/** What an empty space shows: what one can do here, with lines to click instead of typing. */
import { button, element } from "./dom.js";

const SUGGESTIONS = [
  ["help", "What the bot can do for you"],
  ["extensions", "The virtual extensions, page by page"],
  ["ranges", "The ranges and their patterns"],
  ["add 5012 +14085550123 Jane Doe at Denver", "See what would change, then confirm"],
];

export function drawWelcome(section, space, say) {
  const whom = space.direct ? `Write to ${space.title}` : `Write in ${space.title}`;
  const lines = SUGGESTIONS.map((one) => element("li", {}, suggestion(one, say)));
  const how = element("p", {}, "Type a command below, or start with one of these.");
  section.replaceChildren(element("h2", {}, whom), how, element("ul", { class: "suggestions" }, ...lines));
}

function suggestion([text, purpose], say) {
  const line = element("span", { class: "suggestion-text" }, text);
  const why = element("span", { class: "suggestion-purpose" }, purpose);
  return button({ "data-testid": "suggestion" }, () => say(text), line, why);
}
