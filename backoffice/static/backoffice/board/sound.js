/* Play a short synthesised sound for changes; off at first. */

const MIN_INTERVAL = 1_500; // milliseconds between two sounds

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

    /** Play two notes for a new order, one for any other change. */
    play(isNew) {
        if (!this.isOn || Date.now() - this.playedAt < MIN_INTERVAL) return;
        this.playedAt = Date.now();
        this.playNote(isNew ? 660 : 520, 0);
        if (isNew) this.playNote(880, 0.16);
    }

    /** Play a note of `frequency` Hz in `delay` seconds. */
    playNote(frequency, delay) {
        const start = this.context.currentTime + delay;
        const oscillator = new OscillatorNode(this.context, { frequency });
        const volume = new GainNode(this.context, { gain: 0 });
        volume.gain.setValueAtTime(0, start);
        volume.gain.linearRampToValueAtTime(0.12, start + 0.02);
        volume.gain.exponentialRampToValueAtTime(0.001, start + 0.3);
        oscillator.connect(volume).connect(this.context.destination);
        oscillator.start(start);
        oscillator.stop(start + 0.32);
    }
}
