/** The head of the open space: picture, name, and who is in it. */
import { element } from "./dom.js";
import { picture } from "./spaces.js";

export async function drawSpaceHeader(header, space, webex) {
  const about = element("p", { class: "about" }, space.direct ? "Direct message" : "Group space");
  header.replaceChildren(picture(space), element("div", {}, element("h1", {}, space.title), about));
  if (space.direct) return;
  const members = await webex.memberships(space.id).catch(() => []);
  about.textContent = members.map((member) => member.personDisplayName).join(", ") || "Group space";
}
