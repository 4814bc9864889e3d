//! The code pages of DOS, which the Encoding Standard (WHATWG) does not have. Source: the mappings of the Unicode
//! Consortium, MAPPINGS/VENDORS/MICSFT/PC.

use domain::imports::encoding::TextEncoding;

/// The characters of the bytes from 0x80.
pub(super) struct CodePage(&'static str);

static IBM_437: CodePage = CodePage(
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
     └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}",
);
static IBM_850: CodePage = CodePage(
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐\
     └┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}",
);
static IBM_852: CodePage = CodePage(
    "ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐\
     └┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u{ad}˝˛ˇ˘§÷¸°¨˙űŘř■\u{a0}",
);

/// The code page with this name.
pub(super) fn code_page(encoding: TextEncoding) -> Option<&'static CodePage> {
    match encoding.slug() {
        "ibm437" => Some(&IBM_437),
        "ibm850" => Some(&IBM_850),
        "ibm852" => Some(&IBM_852),
        _ => None,
    }
}

impl CodePage {
    pub(super) fn decode(&self, bytes: &[u8]) -> String {
        let high: Vec<char> = self.0.chars().collect();
        let decode = |b: &u8| if b.is_ascii() { char::from(*b) } else { high[usize::from(*b & 0x7F)] };
        bytes.iter().map(decode).collect()
    }

    /// The bytes of a text that was decoded with this page.
    pub(super) fn encode(&self, text: &str) -> Vec<u8> {
        let encode = |c: char| match u8::try_from(c) {
            Ok(b) if b.is_ascii() => b,
            _ => self.0.chars().zip(0x80..=0xFFu8).find(|(high, _)| *high == c).map_or(b'?', |(_, b)| b),
        };
        text.chars().map(encode).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_one_character() {
        for page in [&IBM_437, &IBM_850, &IBM_852] {
            let bytes: Vec<u8> = (0..=255).collect();
            assert_eq!(page.0.chars().count(), 128);
            assert_eq!(page.encode(&page.decode(&bytes)), bytes);
        }
    }
}
