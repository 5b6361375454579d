/** The parts of the page, found by name; that they exist is the template's promise. */

import { RunControls } from "../../elements/controls/run-controls.js";
import { ExperimentTabs } from "../../elements/experiments/experiment-tabs.js";
import { EventTable } from "../../elements/event-table.js";
import { PredictCard } from "../../elements/predict-card.js";
import { ProcessTree } from "../../elements/process-tree.js";
import { QueuePanel } from "../../elements/queue-panel.js";
import { ReceiptTable } from "../../elements/receipt-table.js";
import { RunBar } from "../../elements/run-bar.js";
import { RunMeter } from "../../elements/run-meter.js";
import { OutputFilter, RunOutput } from "../../elements/run-output.js";
import { RunScrubber } from "../../elements/run-scrubber.js";
import { SignalBar } from "../../elements/signal-bar.js";
import { SourceView } from "../../elements/source/source-view.js";
import { StuckPanel } from "../../elements/stuck-panel.js";
import { SyncPanel } from "../../elements/sync-panel.js";
import { TaskPanel } from "../../elements/task-panel.js";
import { ProcessTimeline } from "../../elements/timeline.js";
import { TimelineTools } from "../../elements/timeline-tools.js";
import { VariablePanel } from "../../elements/variable-panel.js";
import { Late } from "./late.js";

/** The elements that are given data. */
export function findParts() {
  return {
    controls: part("run-controls", RunControls),
    bar: part("run-bar", RunBar),
    predict: part("predict-card", PredictCard),
    source: part("source-view", SourceView),
    tree: part("process-tree", ProcessTree),
    stuck: part("stuck-panel", StuckPanel),
    signals: part("signal-bar", SignalBar),
    filter: part("output-filter", OutputFilter),
    output: part("run-output", RunOutput),
    tools: part("timeline-tools", TimelineTools),
    timeline: part("process-timeline", ProcessTimeline),
    scrubber: part("run-scrubber", RunScrubber),
    receipts: part("receipt-table", ReceiptTable),
    queues: part("queue-panel", QueuePanel),
    syncs: part("sync-panel", SyncPanel),
    tasks: part("task-panel", TaskPanel),
    variables: part("variable-panel", VariablePanel),
    brief: part("run-meter.brief", RunMeter),
    meter: part("run-meter:not(.brief)", RunMeter),
    events: part("event-table", EventTable),
    experiments: part("experiment-tabs", ExperimentTabs),
  };
}

/** The elements that come late: each when there is first something for it to show. */
export function findLate() {
  return {
    menu: new Late(part("signal-menu", HTMLElement), async () => (await import("../../elements/signal-menu.js")).SignalMenu, ({ may }) => may === "own"),
    card: new Late(part("process-card", HTMLElement), async () => (await import("../../elements/process-card.js")).ProcessCard, ({ process }) => process !== null),
    notes: new Late(part("time-notes", HTMLElement), async () => (await import("../../elements/time-notes.js")).TimeNotes, ({ marks, range }) => marks.length > 0 || range !== null),
  };
}

/** The plain places that the page itself fills. */
export function findPlaces() {
  return {
    content: part("#content", HTMLElement),
    tabs: part("#tabs", HTMLElement),
    empty: part("#timeline-empty", HTMLElement),
    caption: part("#caption", HTMLElement),
    queues: part("#queues", HTMLElement),
    syncs: part("#syncs", HTMLElement),
    tasks: part("#tasks", HTMLElement),
    variables: part("#variables", HTMLElement),
    announcer: part("#announcer", HTMLElement),
  };
}

/**
 * @template {HTMLElement} T
 * @param {string} selector
 * @param {new () => T} type
 * @returns {T}
 */
function part(selector, type) {
  const found = document.querySelector(selector);
  if (found instanceof type) return found;
  throw new Error(`the template has no ${selector}`);
}
