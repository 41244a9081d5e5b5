package io.github.libjot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.libjot.servlet.JotFilter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The filter, in Tomcat. */
class ServletTest {
    private static final Signer SIGNER = Signer.generate(Algorithm.EDDSA);
    private static final Verifier VERIFIER =
        Verifier.builder().algorithms(Algorithm.EDDSA).keys(KeySet.of(SIGNER)).build();

    @TempDir
    Path folder;

    private static final class Orders extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            Token token = JotFilter.tokenOf(request);
            response.getWriter().print(request.getRemoteUser() + " " + request.getUserPrincipal().getName() + " "
                + request.getAuthType() + " " + token.claims().string("scope").orElseThrow());
        }
    }

    @Test
    void filterAnswersOrPasses() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(folder.toString());
        tomcat.setPort(0);
        Context context = tomcat.addContext("", folder.toString());
        FilterDef filter = new FilterDef();
        filter.setFilterName("jot");
        filter.setFilter(new JotFilter(
            new Guard(VERIFIER, "orders", null), Demand.NONE.scopes("read"),
            (request, refused) -> told.add(request.getRequestURI() + " " + refused.code())));
        context.addFilterDef(filter);
        FilterMap map = new FilterMap();
        map.setFilterName("jot");
        map.addURLPattern("/*");
        context.addFilterMap(map);
        Tomcat.addServlet(context, "orders", new Orders());
        context.addServletMappingDecoded("/orders", "orders");
        tomcat.start();
        try {
            int port = tomcat.getConnector().getLocalPort();
            String good = SIGNER.sign("{\"sub\":\"alice\",\"scope\":\"read\",\"exp\":4102444800}");
            assertEquals("alice alice Bearer read", answer(port, 200, null, "Bearer " + good));
            assertEquals(List.of(), told);
            assertEquals("token_null\n", answer(port, 401, "Bearer realm=\"orders\""));
            String narrow = SIGNER.sign("{\"exp\":4102444800}");
            assertEquals("scope_insufficient\n", answer(port, 403, "scope=\"read\"", "Bearer " + narrow));
            assertEquals("token_null\n", answer(port, 400, "invalid_request", "Bearer a", "Bearer b"));
            assertEquals(List.of(
                "/orders token_null", "/orders scope_insufficient", "/orders token_null"), told);
        } finally {
            tomcat.stop();
            tomcat.destroy();
        }
    }

    private static String answer(int port, int status, String challenge, String... fields) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/orders"));
        for (String field : fields) {
            request.header("Authorization", field);
        }
        HttpResponse<String> answer =
            HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(status, answer.statusCode());
        String found = answer.headers().firstValue("WWW-Authenticate").orElse(null);
        if (challenge == null) {
            assertNull(found);
        } else {
            assertTrue(found.contains(challenge), found);
        }
        return answer.body();
    }
}
