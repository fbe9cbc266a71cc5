'use strict';

const greetings = { pt: 'Oi', en: 'Hi' };

exports.greet = (name, language) => `${greetings[language] ?? greetings.pt}, ${name}!`;
