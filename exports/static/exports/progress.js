// Moves the bar of an export that is being written, and opens the finished page.

const place = document.querySelector("[data-export-progress]");
const words = document.getElementById("export-words");
const bar = place.querySelector("progress");
const OFTEN = 1000; // milliseconds
const SELDOM = 10000;
let pause = OFTEN;

function show(export_) {
    if (words.textContent !== export_.words) words.textContent = export_.words;
    if (export_.total === null) {
        bar.removeAttribute("value");
    } else {
        bar.max = Math.max(export_.total, 1);
        bar.value = export_.done;
    }
}

async function look() {
    try {
        const answer = await fetch(place.dataset.exportProgress, {
            headers: { Accept: "application/json" },
            redirect: "error",
        });
        if (answer.status === 403 || answer.status === 404) return location.reload(); // says why
        if (!answer.ok) throw new Error(answer.status);
        const export_ = await answer.json();
        if (export_.isOver) return location.reload();
        show(export_);
        pause = OFTEN;
    } catch {
        words.textContent = "No connection, trying again. The export goes on meanwhile.";
        pause = Math.min(pause * 2, SELDOM);
    }
    setTimeout(look, pause);
}

setTimeout(look, OFTEN);
