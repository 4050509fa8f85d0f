// How often things are done.

/** Does something a moment after it was asked for last, never twice at once, and once more when it was asked meanwhile. */
export function debounced(work, millis) {
  let timer = null;
  let running = false;
  let again = false;
  async function run() {
    timer = null;
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      await work();
    } finally {
      running = false;
      if (again) {
        again = false;
        ask();
      }
    }
  }
  function ask() {
    timer ??= setTimeout(run, millis);
  }
  return ask;
}

/** Does something once before the next picture, however often it is asked for. */
export function onceAFrame(work) {
  let asked = false;
  return () => {
    if (!asked) {
      asked = true;
      const go = () => {
        asked = false;
        work();
      };
      document.hidden ? setTimeout(go, 50) : requestAnimationFrame(go);
    }
  };
}
