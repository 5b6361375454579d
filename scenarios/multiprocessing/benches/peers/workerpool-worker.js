// A process of `workerpool.js`.
import workerpool from 'workerpool'

workerpool.worker({ same: n => n })
