// Timers for a page that nobody looks at (src/platform/hidden.rs): browsers delay those of the page there, and leave those
// of a worker alone.
onmessage = ({ data: [id, after] }) => setTimeout(postMessage, after, id);
postMessage(0);
