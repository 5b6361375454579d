/**
 * The timeline's keys, which act only while it has the focus. They are bound by the place of the key
 * (`KeyboardEvent.code`), so W A S D lie in the same places on every keyboard; they are Perfetto's. `?` and `/` are
 * found by what they say, as keyboards have them in many places.
 */

/**
 * @typedef {"zoom.in" | "zoom.out" | "left" | "right" | "up" | "down" | "fit" | "focus"
 *   | "next" | "previous" | "cause" | "effect" | "clear" | "mark" | "turn" | "search" | "help"} Command
 */

/** @type {Readonly<Record<string, Command>>} */
const COMMANDS = {
  KeyW: "zoom.in",
  Equal: "zoom.in",
  NumpadAdd: "zoom.in",
  KeyS: "zoom.out",
  Minus: "zoom.out",
  NumpadSubtract: "zoom.out",
  KeyA: "left",
  ArrowLeft: "left",
  KeyD: "right",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
  KeyF: "focus",
  Digit0: "fit",
  Numpad0: "fit",
  Period: "next",
  Comma: "previous",
  BracketLeft: "cause",
  BracketRight: "effect",
  Escape: "clear",
  KeyM: "mark",
  Space: "turn",
};

/** Keys that are meant by what stands on them, wherever they lie. @type {Readonly<Record<string, Command>>} */
const SIGNS = { "?": "help", "？": "help", "/": "search", "／": "search" };

/**
 * What a key asks for.
 * @param {{ code: string, key?: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean }} event
 * @returns {Command | null} null for keys that are the browser's or nobody's
 */
export function commandOf({ code, key = "", ctrlKey, metaKey, altKey }) {
  return ctrlKey || metaKey || altKey ? null : (SIGNS[key] ?? COMMANDS[code] ?? null);
}
