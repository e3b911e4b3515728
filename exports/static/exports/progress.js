/* Update the progress of an export that is being written, and reload the page when it is finished. */

const section = document.querySelector("[data-export-progress]");
const message = document.getElementById("export-words");
const bar = section.querySelector("progress");
const MIN_DELAY = 1000; // milliseconds between two requests
const MAX_DELAY = 10_000; // after failures
let delay = MIN_DELAY;

function showProgress(export_) {
    if (message.textContent !== export_.words) message.textContent = export_.words;
    if (export_.total === null) {
        bar.removeAttribute("value");
    } else {
        bar.max = Math.max(export_.total, 1);
        bar.value = export_.done;
    }
}

async function poll() {
    try {
        const response = await fetch(section.dataset.exportProgress, {
            headers: { Accept: "application/json" },
            redirect: "error",
        });
        if (response.status === 403 || response.status === 404) return location.reload(); // the page shows the reason
        if (!response.ok) throw new Error(response.status);
        const export_ = await response.json();
        if (export_.isOver) return location.reload();
        showProgress(export_);
        delay = MIN_DELAY;
    } catch {
        message.textContent = "No connection, trying again. The export goes on meanwhile.";
        delay = Math.min(delay * 2, MAX_DELAY);
    }
    setTimeout(poll, delay);
}

setTimeout(poll, MIN_DELAY);
