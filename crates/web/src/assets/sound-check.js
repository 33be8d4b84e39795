// The sounds of alarms, to be heard once before the shift begins. A1 is three pulses and two, A2 is
// three: the patterns of IEC 60601-1-8.
'use strict';
(() => {
    const PATTERNS = {
        A1: { tone: 880, pulses: [0, 0.25, 0.5, 1.0, 1.25], length: 0.15 },
        A2: { tone: 660, pulses: [0, 0.4, 0.8], length: 0.2 },
    };
    let audio;

    function play({ tone, pulses, length }) {
        audio = audio || new AudioContext();
        audio.resume();
        const begin = audio.currentTime + 0.05;
        for (const after of pulses) {
            const wave = audio.createOscillator();
            const loud = audio.createGain();
            const at = begin + after;
            wave.frequency.value = tone;
            // Soft edges: a hard one clicks.
            loud.gain.setValueAtTime(0, at);
            loud.gain.linearRampToValueAtTime(0.5, at + 0.02);
            loud.gain.setValueAtTime(0.5, at + length - 0.03);
            loud.gain.linearRampToValueAtTime(0, at + length);
            wave.connect(loud).connect(audio.destination);
            wave.start(at);
            wave.stop(at + length);
        }
    }

    for (const button of document.querySelectorAll('button[data-sound]')) {
        button.addEventListener('click', () => {
            play(PATTERNS[button.dataset.sound]);
            button.dataset.played = 'yes';
        });
    }
})();
