'use strict';

const { createServer } = require('node:http');
const { greet } = require('frases');
const page = require('./page.html.js');

const name = process.env.NOME ?? 'mural';

const server = createServer((request, response) => {
  const language = request.headers['accept-language']?.slice(0, 2);
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end(page.replace('{{greeting}}', greet(name, language)));
});

server.listen(3000, () => console.log('http://localhost:3000'));

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    server.close();
    server.closeAllConnections();
  });
}
