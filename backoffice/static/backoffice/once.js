/* Submit forms marked `data-once` only once, however often the button is pressed. The server checks, too. */

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

// A page restored by the Back button can be used again.
window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-once]")) {
        delete form.dataset.sent;
        form.removeAttribute("aria-busy");
    }
});
