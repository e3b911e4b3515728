/* What the pages of service orders do besides forms and links, which work without it. */

// By the place of the key: with Alt, some keyboards write other letters.
document.documentElement.classList.add("has-keys");
document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
    const button = document.querySelector(`[aria-keyshortcuts="Alt+${event.code.replace("Key", "")}"]`);
    if (!button?.checkVisibility()) return;
    event.preventDefault();
    button.click();
});

const insurance = document.querySelector(".show-insurance");
if (insurance) {
    const place = document.querySelector(".shown-insurance");
    const hide = document.querySelector(".hide-insurance");
    const show = (open) => {
        insurance.hidden = open;
        hide.hidden = !open;
    };

    // In place, so that nothing typed beside it is lost.
    insurance.addEventListener("submit", async (event) => {
        event.preventDefault();
        const answer = await fetch(insurance.action, {
            method: "POST",
            body: new FormData(insurance),
            headers: { "X-Part": "insurance" },
            cache: "no-store",
        }).catch(() => null);
        if (!answer?.ok || answer.redirected) {
            insurance.submit();
            return;
        }
        place.innerHTML = await answer.text();
        show(true);
        hide.focus();
    });
    hide.addEventListener("click", () => {
        place.replaceChildren();
        show(false);
        insurance.querySelector("button").focus();
    });
    // A page that the browser brings back shows nothing that it showed before.
    window.addEventListener("pagehide", () => place.replaceChildren());
    window.addEventListener("pageshow", () => show(false));
}

const addRow = document.querySelector(".add-row");
if (addRow) {
    const rows = () => addRow.parentElement.querySelectorAll(".pair");
    addRow.hidden = rows().length >= 10;
    addRow.addEventListener("click", () => {
        const row = rows()[0].cloneNode(true);
        for (const input of row.querySelectorAll("input")) {
            input.value = "";
            input.ariaLabel = input.ariaLabel.replace(/\d+/, String(rows().length + 1));
        }
        addRow.before(row);
        addRow.hidden = rows().length >= 10;
        row.querySelector("input").focus();
    });
}

const wrong = document.querySelector(".decision .wrong");
if (wrong) wrong.parentElement.querySelector("input, textarea")?.focus();

// The queue looks for itself what is new, unless somebody is in the middle of it.
const waiting = document.querySelector("#waiting");
if (waiting) {
    const isBusy = () => document.hidden || waiting.querySelector("tbody")?.contains(document.activeElement);
    setInterval(async () => {
        if (isBusy()) return;
        const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
        if (!answer?.ok || answer.redirected) return;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.querySelector("#waiting");
        if (!fresh || isBusy() || fresh.innerHTML === waiting.innerHTML) return;
        const hadFocus = waiting.contains(document.activeElement);
        waiting.replaceChildren(...fresh.childNodes);
        if (hadFocus) waiting.querySelector("[autofocus]")?.focus();
    }, Number(waiting.dataset.againAfter) * 1000);
}
