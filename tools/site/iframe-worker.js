// Browsers start no workers for pages that are opened from disk, and the site's search is one. There it runs in a frame.
(() => {
  if (location.protocol !== "file:") return;

  /** What a worker's script expects to find: it talks to the page, and loads scripts one after the other. */
  function inFrame() {
    window.postMessage = (data) => parent.dispatchEvent(new MessageEvent("frame-worker", { data }));
    window.importScripts = (...urls) =>
      urls.reduce(
        (before, url) =>
          before.then(
            () =>
              new Promise((loaded) => {
                const script = document.createElement("script");
                script.src = url;
                script.onload = loaded;
                document.body.appendChild(script);
              }),
          ),
        Promise.resolve(),
      );
  }

  window.Worker = class extends EventTarget {
    constructor(url) {
      super();
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      document.body.appendChild(this.frame);
      const inside = this.frame.contentWindow;
      inside.document.open();
      inside.document.write(
        `<html><body><script>(${inFrame})()<\/script><script src="${url}"><\/script></body></html>`,
      );
      this.ready = new Promise((loaded) => (inside.onload = loaded));
      inside.document.close();
      this.answer = ({ data }) => {
        const event = new MessageEvent("message", { data });
        this.dispatchEvent(event);
        this.onmessage?.(event);
      };
      window.addEventListener("frame-worker", this.answer);
    }

    postMessage(data) {
      this.ready.then(() =>
        this.frame.contentWindow.dispatchEvent(new MessageEvent("message", { data: structuredClone(data) })),
      );
    }

    terminate() {
      window.removeEventListener("frame-worker", this.answer);
      this.frame.remove();
    }
  };
  // The theme's worker asks for this name, and then looks for its scripts beside its own.
  window.IFrameWorker = window.Worker;
})();
