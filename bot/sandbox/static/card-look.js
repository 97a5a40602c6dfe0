/** How cards look: the renderer's host config. Colours are CSS variables, so that light and dark follow the page. */

const FOREGROUND = Object.fromEntries(
  ["default", "dark", "light", "accent", "good", "warning", "attention"].map((name) => [
    name, { default: `var(--card-${name})`, subtle: `var(--card-${name}-subtle)` },
  ]),
);

const CONTAINERS = Object.fromEntries(
  ["default", "emphasis", "accent", "good", "warning", "attention"].map((name) => [
    name, { backgroundColor: `var(--card-on-${name})`, foregroundColors: FOREGROUND },
  ]),
);

const FONT_SIZES = { small: 12, default: 14, medium: 16, large: 18, extraLarge: 22 };
const FONT_WEIGHTS = { lighter: 300, default: 400, bolder: 600 };

const LABEL = { color: "default", size: "small", weight: "bolder", isSubtle: false };

export const HOST_CONFIG = {
  supportsInteractivity: true,
  fontTypes: {
    default: { fontFamily: "var(--font)", fontSizes: FONT_SIZES, fontWeights: FONT_WEIGHTS },
    monospace: { fontFamily: "var(--font-code)", fontSizes: FONT_SIZES, fontWeights: FONT_WEIGHTS },
  },
  spacing: { small: 4, default: 8, medium: 12, large: 20, extraLarge: 28, padding: 16 },
  separator: { lineThickness: 1, lineColor: "var(--line)" },
  imageSizes: { small: 40, medium: 80, large: 160 },
  containerStyles: CONTAINERS,
  inputs: {
    label: {
      inputSpacing: "small",
      requiredInputs: { ...LABEL, suffix: " *", suffixColor: "attention" },
      optionalInputs: LABEL,
    },
    errorMessage: { color: "attention", size: "small", spacing: "small", weight: "default" },
  },
  actions: {
    maxActions: 5,
    spacing: "large",
    buttonSpacing: 8,
    showCard: { actionMode: "inline", inlineTopMargin: 12, style: "emphasis" },
    actionsOrientation: "horizontal",
    actionAlignment: "left",
  },
  adaptiveCard: { allowCustomStyle: false },
  textBlock: { headingLevel: 3 },
  textStyles: { heading: { weight: "bolder", size: "large", color: "default" } },
  factSet: {
    title: { color: "default", size: "default", isSubtle: true, weight: "default", wrap: true, maxWidth: 160 },
    value: { color: "default", size: "default", weight: "default", wrap: true },
    spacing: 16,
  },
};
