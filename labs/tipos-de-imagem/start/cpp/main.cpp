#include <cstdio>
#include <cstdlib>

struct Saudacao {
  virtual ~Saudacao() = default;
  virtual const char *texto() const = 0;
};

struct DoAmbiente : Saudacao {
  const char *texto() const override {
    const char *valor = std::getenv("SAUDACAO");
    if (!valor) throw 1;
    return valor;
  }
};

int main() {
  Saudacao *saudacao = new DoAmbiente;
  int codigo = 0;
  try {
    std::puts(saudacao->texto());
  } catch (int falta) {
    codigo = falta;
  }
  delete saudacao;
  return codigo;
}
