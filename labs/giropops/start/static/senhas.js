const form = document.querySelector('form');
const nova = document.querySelector('output');
const lista = document.querySelector('ol');

async function mostraUltimas() {
  const resposta = await fetch('/api/senhas');
  if (!resposta.ok) return;
  const itens = (await resposta.json()).map((senha) => {
    const item = document.createElement('li');
    item.textContent = senha;
    return item;
  });
  lista.replaceChildren(...itens);
}

form.addEventListener('submit', async (evento) => {
  evento.preventDefault();
  const campos = form.elements;
  const resposta = await fetch('/api/gerar-senha', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      tamanho: campos.tamanho.valueAsNumber,
      incluir_numeros: campos.incluir_numeros.checked,
      incluir_caracteres_especiais: campos.incluir_caracteres_especiais.checked,
    }),
  });
  const { senha, erro } = await resposta.json();
  nova.textContent = senha ?? erro;
  await mostraUltimas();
});

await mostraUltimas();
