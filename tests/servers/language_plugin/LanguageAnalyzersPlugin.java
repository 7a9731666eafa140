package dateline.analysis;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.analysis.bg.BulgarianAnalyzer;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.cz.CzechAnalyzer;
import org.apache.lucene.analysis.da.DanishAnalyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.el.GreekAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.fa.PersianAnalyzer;
import org.apache.lucene.analysis.fi.FinnishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.hi.HindiAnalyzer;
import org.apache.lucene.analysis.hu.HungarianAnalyzer;
import org.apache.lucene.analysis.id.IndonesianAnalyzer;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.no.NorwegianAnalyzer;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;
import org.apache.lucene.analysis.ro.RomanianAnalyzer;
import org.apache.lucene.analysis.ru.RussianAnalyzer;
import org.apache.lucene.analysis.sv.SwedishAnalyzer;
import org.apache.lucene.analysis.th.ThaiAnalyzer;
import org.apache.lucene.analysis.tr.TurkishAnalyzer;
import org.elasticsearch.index.analysis.AnalyzerProvider;
import org.elasticsearch.index.analysis.AnalyzerScope;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;

/**
 * Registers Lucene's language analyzers under the names that Elasticsearch's module analysis-common
 * gives them. The distribution that the tests run lacks that module and has Lucene's classes.
 */
public final class LanguageAnalyzersPlugin extends Plugin implements AnalysisPlugin {
    private static final Map<String, Supplier<Analyzer>> ANALYZERS = new TreeMap<>();

    static {
        ANALYZERS.put("arabic", ArabicAnalyzer::new);
        ANALYZERS.put("bulgarian", BulgarianAnalyzer::new);
        ANALYZERS.put("cjk", CJKAnalyzer::new);
        ANALYZERS.put("czech", CzechAnalyzer::new);
        ANALYZERS.put("danish", DanishAnalyzer::new);
        ANALYZERS.put("dutch", DutchAnalyzer::new);
        ANALYZERS.put("english", EnglishAnalyzer::new);
        ANALYZERS.put("finnish", FinnishAnalyzer::new);
        ANALYZERS.put("french", FrenchAnalyzer::new);
        ANALYZERS.put("german", GermanAnalyzer::new);
        ANALYZERS.put("greek", GreekAnalyzer::new);
        ANALYZERS.put("hindi", HindiAnalyzer::new);
        ANALYZERS.put("hungarian", HungarianAnalyzer::new);
        ANALYZERS.put("indonesian", IndonesianAnalyzer::new);
        ANALYZERS.put("italian", ItalianAnalyzer::new);
        ANALYZERS.put("norwegian", NorwegianAnalyzer::new);
        ANALYZERS.put("persian", PersianAnalyzer::new);
        ANALYZERS.put("portuguese", PortugueseAnalyzer::new);
        ANALYZERS.put("romanian", RomanianAnalyzer::new);
        ANALYZERS.put("russian", RussianAnalyzer::new);
        ANALYZERS.put("spanish", SpanishAnalyzer::new);
        ANALYZERS.put("swedish", SwedishAnalyzer::new);
        ANALYZERS.put("thai", ThaiAnalyzer::new);
        ANALYZERS.put("turkish", TurkishAnalyzer::new);
    }

    @Override
    public Map<String, AnalysisProvider<AnalyzerProvider<? extends Analyzer>>> getAnalyzers() {
        Map<String, AnalysisProvider<AnalyzerProvider<? extends Analyzer>>> found = new TreeMap<>();
        ANALYZERS.forEach(
                (known, make) ->
                        found.put(
                                known,
                                (index, environment, name, settings) ->
                                        new Provider(name, make.get())));
        return found;
    }

    private record Provider(String name, Analyzer get) implements AnalyzerProvider<Analyzer> {
        @Override
        public AnalyzerScope scope() {
            return AnalyzerScope.GLOBAL;
        }
    }
}
