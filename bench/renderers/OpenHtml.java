import com.openhtmltopdf.outputdevice.helper.BaseRendererBuilder.FontStyle;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import com.openhtmltopdf.util.XRLog;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;

/** openhtmltopdf: XHTML in, a PDF/A-3a and PDF/UA-1 out as far as it goes. No seal. Speaks as child.py does. */
public final class OpenHtml {
    private static final int WARM_UP = 30;
    private final String page;
    private final File fonts;
    private final byte[] colours = ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();

    private OpenHtml(Path page, Path fonts) throws IOException {
        this.page = Files.readString(page);
        this.fonts = fonts.toFile();
    }

    private byte[] make(int number) throws IOException {
        ByteArrayOutputStream pdf = new ByteArrayOutputStream();
        PdfRendererBuilder builder = new PdfRendererBuilder();
        builder.useFastMode();
        builder.usePdfUaAccessibility(true);
        builder.usePdfAConformance(PdfRendererBuilder.PdfAConformance.PDFA_3_A);
        builder.useColorProfile(colours);
        builder.useFont(new File(fonts, "eSpaceSans-Regular.ttf"), "eSpace Sans", 400, FontStyle.NORMAL, true);
        builder.useFont(new File(fonts, "eSpaceSans-Semibold.ttf"), "eSpace Sans", 600, FontStyle.NORMAL, true);
        builder.withHtmlContent(page.replace("00000", String.format("%05d", number)), null);
        builder.toStream(pdf);
        builder.run();
        return pdf.toByteArray();
    }

    /** Arguments: the page, the folder of the fonts, where the last document goes. */
    public static void main(String[] arguments) throws IOException {
        XRLog.setLoggingEnabled(false);
        OpenHtml renderer = new OpenHtml(Path.of(arguments[0]), Path.of(arguments[1]));
        Path result = Path.of(arguments[2]);
        int number = 0;
        for (; number < WARM_UP; number++) {
            Files.write(result, renderer.make(number));
        }
        System.out.println("ready");
        BufferedReader wishes = new BufferedReader(new InputStreamReader(System.in));
        for (String line; (line = wishes.readLine()) != null; ) {
            long began = System.nanoTime();
            long until = began + (long) (Double.parseDouble(line) * 1e9);
            byte[] pdf = null;
            int made = 0;
            for (; System.nanoTime() < until; made++) {
                pdf = renderer.make(number++);
            }
            Files.write(result, pdf);
            System.out.println(made + " " + (System.nanoTime() - began) / 1e9);
        }
    }
}
