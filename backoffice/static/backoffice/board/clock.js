/* Times and dates in the time zone of the office, by the clock of the server. */

const MINUTE = 60_000; // milliseconds
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export class Clock {
    constructor(timeZone) {
        this.offset = 0; // milliseconds by which the server's clock is ahead of the browser's
        this.time = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" });
        this.exact = new Intl.DateTimeFormat("en-GB", { timeZone, timeStyle: "medium" });
        this.full = new Intl.DateTimeFormat("en-GB", { timeZone, dateStyle: "medium", timeStyle: "short" });
        this.day = new Intl.DateTimeFormat("en-CA", { timeZone });
        this.date = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", day: "numeric", month: "short" });
    }

    /** Set the clock to the server's time, an ISO 8601 string. */
    set(now) {
        this.offset = Date.parse(now) - Date.now();
    }

    now() {
        return Date.now() + this.offset;
    }

    today() {
        return this.day.format(this.now());
    }

    dayOf(timestamp) {
        return this.day.format(Date.parse(timestamp));
    }

    /** Format the time that has passed since a timestamp: "5 s", "12 min", "3 h 07", "2 days". */
    formatAge(timestamp) {
        const age = Math.max(0, this.now() - Date.parse(timestamp));
        if (age < MINUTE) return `${Math.floor(age / 1000)} s`;
        if (age < HOUR) return `${Math.floor(age / MINUTE)} min`;
        if (age < DAY) return formatHours(age);
        const days = Math.floor(age / DAY);
        return `${days} day${days > 1 ? "s" : ""}`;
    }

    formatDateRange(start, end) {
        return this.date.formatRange(Date.parse(start), Date.parse(end));
    }
}

function formatHours(duration) {
    const minutes = Math.floor((duration % HOUR) / MINUTE);
    return `${Math.floor(duration / HOUR)} h ${String(minutes).padStart(2, "0")}`;
}
