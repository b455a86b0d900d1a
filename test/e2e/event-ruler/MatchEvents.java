import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import software.amazon.event.ruler.Ruler;

/** Reads a list of [pattern, event] and prints, for each, whether the event matches. */
public class MatchEvents {
  public static void main(String[] arguments) throws Exception {
    for (JsonNode pair : new ObjectMapper().readTree(System.in)) {
      System.out.println(Ruler.matchesRule(pair.get(1).toString(), pair.get(0).toString()));
    }
  }
}
