/** From what others wrote to HTML that is safe to show: an allow-list of tags, and no attribute but a checked link. */
import DOMPurify from "./node_modules/dompurify/dist/purify.es.mjs";
import MarkdownIt from "./node_modules/markdown-it/dist/browser/markdown-it.esm.min.mjs";

const ALLOWED = {
  ALLOWED_TAGS: ["p", "br", "strong", "b", "em", "i", "del", "s", "a", "ul", "ol", "li", "blockquote", "code", "pre",
    "h1", "h2", "h3", "spark-mention"],
  ALLOWED_ATTR: ["href"],
  ALLOWED_URI_REGEXP: /^(?:https?|mailto|tel|sip):/i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};

// What Webex draws in a card's TextBlock: emphasis, links, lists, strikethrough, escapes; no headings, code, images.
const CARD_MARKDOWN = new MarkdownIt("zero", { breaks: true })
  .enable(["emphasis", "link", "list", "newline", "strikethrough", "escape", "entity"]);

/** The `html` of a message as a fragment of safe nodes. */
export function messageNodes(html) {
  const nodes = DOMPurify.sanitize(html, ALLOWED);
  for (const link of nodes.querySelectorAll("a")) openElsewhere(link);
  return nodes;
}

/** A card's markdown as safe HTML text, for the renderer. */
export function cardHtml(markdown) {
  const holder = document.createElement("div");
  holder.append(messageNodes(CARD_MARKDOWN.render(markdown)));
  return holder.innerHTML;
}

function openElsewhere(link) {
  link.target = "_blank";
  link.rel = "noopener noreferrer";
}
