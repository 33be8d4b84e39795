// Says two minutes before it happens that the session will end, and lets whoever is there stay.
// Where it has ended, and something on the page is not sent, the page stays: what is on it is sent
// when the same person is signed on again, in another window.
'use strict';

import { ended, filled, signedOn, whoIsHere } from '/assets/console.js';

(() => {
    const EVERY_MS = 30_000;
    const BACK_MS = 2_000;
    const WARN_S = 120;
    const words = document.getElementById('said').dataset;
    let bar;
    let lasted = false;

    function warn(seconds) {
        if (!bar) {
            bar = document.createElement('div');
            bar.className = 'session-ends';
            bar.setAttribute('role', 'alert');
            const ends = document.createElement('p');
            const stay = document.createElement('button');
            stay.type = 'button';
            stay.textContent = words.here;
            stay.addEventListener('click', still);
            bar.append(ends, stay);
            document.body.prepend(bar);
        }
        const minutes = Math.max(1, Math.ceil(seconds / 60));
        bar.firstChild.textContent = filled(words.ends, { minutes });
    }

    async function still() {
        await fetch('/session/stay', { method: 'POST' });
        look();
    }

    let back;

    function stays() {
        bar?.remove();
        bar = undefined;
        back = document.createElement('div');
        back.className = 'session-ends';
        back.setAttribute('role', 'alert');
        const off = document.createElement('p');
        off.textContent = words.off;
        const link = document.createElement('a');
        link.href = '/sign-on';
        link.target = '_blank';
        link.dataset.key = 'Alt+S';
        const key = document.createElement('kbd');
        key.textContent = 'Alt+S';
        link.append(`${words.again} `, key);
        back.append(off, link);
        document.body.prepend(back);
        setTimeout(again, BACK_MS);
    }

    // What was typed is nobody else's to send.
    async function again() {
        let who;
        try {
            const { seconds_left: left } = await (await fetch('/session')).json();
            const page = left === null ? '' : await (await fetch('/duty')).text();
            who = whoIsHere(new DOMParser().parseFromString(page, 'text/html'));
        } catch {
            // No network: the page says so itself.
        }
        if (who === whoIsHere()) {
            back.remove();
            lasted = true;
            signedOn();
            return;
        }
        if (who) {
            back.firstChild.textContent = filled(words.other, { who, me: whoIsHere() });
        }
        setTimeout(again, BACK_MS);
    }

    document.addEventListener('callbox:signed-off', stays);

    async function look() {
        if (back?.isConnected) return;

        let left;
        try {
            const answer = await fetch('/session');
            left = (await answer.json()).seconds_left;
        } catch {
            return; // No network: the page says so itself.
        }
        if (left === null && lasted) {
            ended();
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
