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
  /** @param {PointerEvent} event */
  const up = (event) => void down.delete(event.pointerId);

  view.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const delta = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1);
      stage.moves();
      stage.zoom(Math.exp(-Math.max(-50, Math.min(50, delta)) / 100), event);
    },
    { passive: false },
  );
  view.addEventListener("pointerdown", (event) => {
    if (event.isPrimary) {
      down.clear();
      moved = 0;
    }
    if (event.button === 0) down.set(event.pointerId, event);
  });
  view.addEventListener("pointermove", (event) => {
    if (!down.has(event.pointerId)) return;
    const was = grip(down);
    const now = grip(down.set(event.pointerId, event));
    const x = was.clientX - now.clientX;
    const y = was.clientY - now.clientY;
    moved += Math.hypot(x, y);
    if (down.size === 2) {
      stage.moves();
      stage.zoom(now.spread / was.spread, now, was);
    } else if (event.pointerType === "mouse" && moved > STILL) {
      view.setPointerCapture(event.pointerId);
      stage.moves();
      stage.seen = null;
      view.scrollBy(x, y);
    }
  });
  view.addEventListener("pointerup", up);
  view.addEventListener("pointercancel", up);
  view.addEventListener(
    "touchstart",
    (event) => {
      // Else two fingers that move the same way scroll the page.
      if (event.touches.length > 1) event.preventDefault();
    },
    { passive: false },
  );
  view.addEventListener(
    "click",
    (event) => {
      // Keys click as well.
      if (moved <= STILL || !event.detail) return;
      event.preventDefault();
      event.stopPropagation();
    },
    { capture: true },
  );
  view.addEventListener("dragstart", (event) => event.preventDefault());
}

/**
 * The middle of the fingers, and how far they are from each other.
 * @param {Map<number, PointerEvent>} down
 */
function grip(down) {
  const [one, other = one] = down.values();
  return {
    clientX: (one.clientX + other.clientX) / 2,
    clientY: (one.clientY + other.clientY) / 2,
    spread: Math.max(1, Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY)),
  };
}
