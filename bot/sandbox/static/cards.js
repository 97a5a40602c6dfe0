/** Cards, drawn by Microsoft's `adaptivecards` renderer (a classic script, hence the global). */
import { HOST_CONFIG } from "./card-look.js";
import { element } from "./dom.js";
import { cardHtml } from "./safe-html.js";

const { AdaptiveCard, HostConfig, OpenUrlAction, SubmitAction } = globalThis.AdaptiveCards;
const CARD_TYPE = "application/vnd.microsoft.card.adaptive";

AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = cardHtml(text);
  result.didProcess = true;
};

/** The card of a message as JSON values, or undefined where it has none. */
export function cardOf(message) {
  return message.attachments?.find((attachment) => attachment.contentType === CARD_TYPE)?.content;
}

/**
 * A card's element. `submit(inputs)` is called with the values of a pressed button and returns a promise;
 * until it is settled the card takes no other press.
 */
export function drawCard(content, submit) {
  const names = { class: "card", "data-testid": "card", role: "group", "aria-label": "Card", tabindex: "-1" };
  const frame = element("div", names);
  const note = element("p", { class: "card-note", role: "status" });
  const card = parse(content);
  card.onExecuteAction = (action) => execute(action, card, frame, note, submit);
  const drawn = card.render();
  frame.append(drawn ?? "This card can't be shown.", note);
  return frame;
}

function parse(content) {
  const card = new AdaptiveCard();
  card.hostConfig = new HostConfig(HOST_CONFIG);
  card.parse(content);
  return card;
}

async function execute(action, card, frame, note, submit) {
  if (action instanceof OpenUrlAction) openLink(action.url);
  if (!(action instanceof SubmitAction) || frame.ariaBusy === "true") return;
  frame.ariaBusy = "true";
  try {
    await submit(inputsOf(action, card));
    say(note, "sent", "Sent");
  } catch (failure) {
    say(note, "failed", failure.message);
  } finally {
    frame.ariaBusy = "false";
  }
}

/** All inputs of the card ("" for one left empty) and the button's data, as Webex sends them: as strings. */
function inputsOf(action, card) {
  const inputs = action.associatedInputs === "none" ? [] : card.getAllInputs();
  const typed = inputs.map((input) => [input.id, input.value ?? ""]);
  const values = { ...Object.fromEntries(typed), ...action.data };
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, asInput(value)]));
}

function asInput(value) {
  return typeof value === "object" ? value : String(value);
}

function openLink(address) {
  if (/^https?:/i.test(address)) open(address, "_blank", "noopener,noreferrer");
}

function say(note, state, sentence) {
  note.dataset.state = state;
  note.textContent = sentence;
}
