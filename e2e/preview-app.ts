import { httpServer, type TestServer } from '../src/testing/preview-servers.ts';

/** A learner's application, with everything that pages do. */
export async function previewApp(): Promise<TestServer> {
  const notes: string[] = [];
  return httpServer(async ({ url = '/', method, headers, body }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://x');
    const html = (content: string): void => {
      response.setHeader('content-type', 'text/html; charset=utf-8').end(content);
    };
    switch (pathname) {
      case '/': {
        const visits = Number(/visits=(\d+)/.exec(headers.cookie ?? '')?.[1] ?? 0) + 1;
        response.setHeader('set-cookie', [`visits=${visits}; Path=/`, 'secret=s; HttpOnly']);
        html(
          '<!doctype html><html><head><title>Loja</title><link rel="stylesheet" href="/static/a.css">' +
            '<script src="/static/a.js" defer></script></head><body>' +
            `<h1>Visita ${visits}</h1><img id="logo" src="/static/logo.svg" alt="">` +
            '<p id="ran">não</p><a id="about" href="/about?x=1#end">about</a>' +
            '<a id="blank" href="about" target="_blank">about</a>' +
            '<a id="outside" href="https://example.org/x">outside</a>' +
            '<form method="post" action="/notes"><input name="note"><button>ok</button></form>' +
            `<ul>${notes.map((note) => `<li>${note}</li>`).join('')}</ul></body></html>`,
        );
        break;
      }
      case '/static/a.css':
        response.setHeader('content-type', 'text/css');
        response.end('h1{color:rgb(1,2,3);background-image:url("logo.svg")}');
        break;
      case '/static/a.js':
        response.setHeader('content-type', 'text/javascript');
        response.end('document.querySelector("#ran").textContent = "sim " + location.pathname');
        break;
      case '/static/logo.svg':
        response.setHeader('content-type', 'image/svg+xml');
        response.end('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"/>');
        break;
      case '/about':
        html(`<title>About</title><h1>About ${headers.referer ?? ''}</h1><a href="/">home</a>`);
        break;
      case '/notes':
        notes.push(new URLSearchParams(new TextDecoder().decode(body)).get('note') ?? '');
        response.writeHead(303, { location: '/', 'x-origin': headers.origin ?? '' }).end();
        break;
      case '/echo':
        response.setHeader('content-type', 'application/octet-stream');
        response.setHeader('x-method', method ?? '').end(body);
        break;
      case '/whoami':
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ host: headers.host, cookie: headers.cookie ?? '' }));
        break;
      case '/events': {
        response.setHeader('content-type', 'text/event-stream');
        response.write('retry: 10\n\n');
        response.write(`id: 1\ndata: first ${String(headers['last-event-id'] ?? '')}\n\n`);
        // The second only when somebody has seen the first: nothing is kept back on the way.
        waiting.set(searchParams.get('key') ?? '', () => {
          response.write('event: named\ndata: second\n\n');
        });
        break;
      }
      case '/go-on':
        waiting.get(searchParams.get('key') ?? '')?.();
        response.end('ok');
        break;
      case '/blank':
        html('<!doctype html><title>Blank</title><h1>Blank</h1>');
        break;
      default:
        response.statusCode = 404;
        html('<title>404</title><h1>the application has no such page</h1>');
    }
  });
}

const waiting = new Map<string, () => void>();
