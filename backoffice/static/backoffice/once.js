// A form marked `data-once` is sent once, however often its button is pressed. The server refuses a second time anyway.

for (const form of document.querySelectorAll("form[data-once]")) {
    form.addEventListener("submit", (event) => {
        if (form.dataset.sent) {
            event.preventDefault();
            return;
        }
        form.dataset.sent = "yes";
        form.setAttribute("aria-busy", "true");
    });
}

// A page that comes back from the browser's memory is to be used again.
window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-once]")) {
        delete form.dataset.sent;
        form.removeAttribute("aria-busy");
    }
});
