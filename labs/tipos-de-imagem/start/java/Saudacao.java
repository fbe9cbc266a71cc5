public class Saudacao {
  public static void main(String[] args) {
    System.out.println(System.getenv("SAUDACAO"));
  }
}
