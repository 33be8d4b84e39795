// Says two minutes before it happens that the session will end, and lets whoever is there stay.
'use strict';
(() => {
    const EVERY_MS = 30_000;
    const WARN_S = 120;
    let bar;
    let lasted = false;

    function warn(seconds) {
        if (!bar) {
            bar = document.createElement('div');
            bar.className = 'session-ends';
            bar.setAttribute('role', 'alert');
            const words = document.createElement('p');
            const stay = document.createElement('button');
            stay.type = 'button';
            stay.textContent = 'I am still here';
            stay.addEventListener('click', still);
            bar.append(words, stay);
            document.body.prepend(bar);
        }
        const minutes = Math.max(1, Math.ceil(seconds / 60));
        bar.firstChild.textContent =
            `Nothing has been done here for a while: this session ends in ${minutes} min.`;
    }

    async function still() {
        await fetch('/session/stay', { method: 'POST' });
        look();
    }

    async function look() {
        let left;
        try {
            const answer = await fetch('/session');
            left = (await answer.json()).seconds_left;
        } catch {
            return; // No network: the page says so itself.
        }
        if (left === null && lasted) {
            location.assign('/sign-on');
        } else if (left !== null && left <= WARN_S) {
            warn(left);
        } else if (bar) {
            bar.remove();
            bar = undefined;
        }
        lasted = lasted || left !== null;
    }

    look();
    setInterval(look, EVERY_MS);
})();
