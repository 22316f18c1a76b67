/** Ctrl-wheel, pinch, double click and keys zoom, dragging moves; the plain wheel is the page's. */

/** @typedef {import("./stage.js").Stage} Stage */

/** A pointer that moved further drags, and doesn't click. */
const STILL = 4;

/**
 * @param {Stage} stage
 * @param {HTMLElement} around Where keys are heard.
 */
export function listen(stage, around) {
  const { view } = stage;
  /** @type {Map<number, PointerEvent>} */
  const down = new Map();
  let moved = 0;

  view.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      const factor = Math.exp(-Math.max(-50, Math.min(50, event.deltaY * lines)) / 100);
      stage.moves();
      stage.zoom(stage.scale * factor, { x: event.clientX, y: event.clientY });
    },
    { passive: false },
  );

  view.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    if (event.isPrimary) {
      down.clear();
      moved = 0;
    }
    down.set(event.pointerId, event);
  });
  view.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (!before) return;
    const x = event.clientX - before.clientX;
    const y = event.clientY - before.clientY;
    moved += Math.hypot(x, y);
    const spread = distance(down);
    const was = middle(down);
    down.set(event.pointerId, event);
    if (down.size === 2) {
      stage.moves();
      if (spread) stage.zoom((stage.scale * distance(down)) / spread, middle(down), was);
    } else if (event.pointerType === "mouse" && moved > STILL) {
      view.setPointerCapture(event.pointerId);
      stage.moves();
      stage.seen = null;
      view.scrollBy(-x, -y);
    }
  });
  for (const type of ["pointerup", "pointercancel"]) {
    view.addEventListener(type, (event) => {
      down.delete(/** @type {PointerEvent} */ (event).pointerId);
    });
  }
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
  view.addEventListener("dblclick", (event) => {
    const { clientX: x, clientY: y } = event;
    const box = /** @type {Element} */ (event.target).closest("a");
    stage.zoom(stage.scale * 2, { x, y });
    // The first click may have opened what is told of it.
    if (box) stage.reveal(box);
  });
  view.addEventListener("dragstart", (event) => event.preventDefault());

  around.addEventListener("keydown", (event) => {
    const isText = /** @type {Element} */ (event.target).matches("input");
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isText) return;
    if (event.key === "+" || event.key === "=") stage.step(1);
    else if (event.key === "-") stage.step(-1);
    else if (event.key === "0") stage.fit();
    else return;
    event.preventDefault();
  });
}

/** @param {Map<number, PointerEvent>} down */
function distance(down) {
  const [one, other] = down.values();
  return other ? Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) : 0;
}

/** @param {Map<number, PointerEvent>} down */
function middle(down) {
  const [one, other = one] = down.values();
  return { x: (one.clientX + other.clientX) / 2, y: (one.clientY + other.clientY) / 2 };
}
