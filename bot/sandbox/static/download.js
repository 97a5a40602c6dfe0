/** Hand a file to the browser's own download. */
import { element } from "./dom.js";

export function saveFile({ name, blob }) {
  const href = URL.createObjectURL(blob);
  element("a", { href, download: name }).click();
  URL.revokeObjectURL(href);
}
