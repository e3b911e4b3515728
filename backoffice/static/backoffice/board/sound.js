/* A short sound made here, off until somebody wants it. */

const APART = 1_500; // milliseconds

export class Sound {
    constructor(button) {
        this.button = button;
        this.isOn = false;
        this.playedAt = 0;
        button.addEventListener("click", () => this.toggle());
    }

    toggle() {
        this.isOn = !this.isOn;
        this.button.setAttribute("aria-pressed", this.isOn);
        this.context ??= new AudioContext();
        this.context.resume();
        if (this.isOn) this.play(true);
    }

    /* Two notes for a new order, one for every other change. */
    play(isNew) {
        if (!this.isOn || Date.now() - this.playedAt < APART) return;
        this.playedAt = Date.now();
        this.note(isNew ? 660 : 520, 0);
        if (isNew) this.note(880, 0.16);
    }

    note(pitch, after) {
        const start = this.context.currentTime + after;
        const tone = new OscillatorNode(this.context, { frequency: pitch });
        const volume = new GainNode(this.context, { gain: 0 });
        volume.gain.setValueAtTime(0, start);
        volume.gain.linearRampToValueAtTime(0.12, start + 0.02);
        volume.gain.exponentialRampToValueAtTime(0.001, start + 0.3);
        tone.connect(volume).connect(this.context.destination);
        tone.start(start);
        tone.stop(start + 0.32);
    }
}
