/** Ctrl-wheel and pinch zoom, dragging moves; the plain wheel is the page's. */

/** @typedef {import("./stage.js").Stage} Stage */

/** A pointer that moved further drags, and doesn't click. */
const STILL = 4;

/** @param {Stage} stage */
export function listen(stage) {
  const { view } = stage;
  /** @type {Map<number, PointerEvent>} */
  const down = new Map();
  let moved = 0;
  let spread = 0;

  view.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      const factor = Math.exp(-Math.max(-50, Math.min(50, event.deltaY * lines)) / 100);
      stage.zoom(stage.scale * factor, { x: event.clientX, y: event.clientY });
    },
    { passive: false },
  );

  view.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    if (down.size === 0) moved = 0;
    down.set(event.pointerId, event);
    spread = distance(down);
  });
  view.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (!before) return;
    const x = event.clientX - before.clientX;
    const y = event.clientY - before.clientY;
    moved += Math.abs(x) + Math.abs(y);
    down.set(event.pointerId, event);
    if (down.size === 2) {
      const now = distance(down);
      if (spread) stage.zoom((stage.scale * now) / spread, center(down));
      spread = now;
    } else if (event.pointerType === "mouse" && moved > STILL) {
      view.setPointerCapture(event.pointerId);
      view.classList.add("dragged");
      view.scrollBy(-x, -y);
    }
  });
  for (const type of ["pointerup", "pointercancel"]) {
    view.addEventListener(type, (event) => {
      down.delete(/** @type {PointerEvent} */ (event).pointerId);
      view.classList.remove("dragged");
    });
  }
  view.addEventListener(
    "click",
    (event) => {
      if (moved <= STILL) return;
      event.preventDefault();
      event.stopPropagation();
    },
    { capture: true },
  );
  view.addEventListener("dragstart", (event) => event.preventDefault());
}

/** @param {Map<number, PointerEvent>} down */
function distance(down) {
  const [one, other] = down.values();
  return other ? Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) : 0;
}

/** @param {Map<number, PointerEvent>} down */
function center(down) {
  const [one, other] = down.values();
  return { x: (one.clientX + other.clientX) / 2, y: (one.clientY + other.clientY) / 2 };
}
