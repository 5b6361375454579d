// A thread of `piscina.js`.
export default n => n
