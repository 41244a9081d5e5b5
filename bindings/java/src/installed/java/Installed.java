import io.github.libjot.*;

/** A program that has the jar and nothing else; scripts/java.sh and scripts/test-dist.sh run it. */
public class Installed {
    public static void main(String[] arguments) {
        Signer signer = Signer.generate(Algorithm.ES256);
        Verifier verifier = Verifier.builder().algorithms(Algorithm.ES256).keys(KeySet.of(signer)).build();
        System.out.println(verifier.code(signer.sign("{\"exp\":4102444800}")) + " " + verifier.code("x"));
    }
}
