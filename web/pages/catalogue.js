/** The catalogue and the pages without a scenario: only the frame is alive. */

import { readBoot, startFrame } from "./frame.js";

startFrame(readBoot().text);
