#include <iostream>
#include <string>

int main() {
  const std::string who = "libstdc++";
  std::cout << "hello from " << who << std::endl;
}
