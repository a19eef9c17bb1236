#include "checker/report/records.h"

#include "checker/history/writer.h"

namespace verdikt::checker::report {

std::string plain_text(history::datum_view what) {
    if (what.is_name()) return std::string(what.name());
    std::string text;
    history::append_edn(text, what);
    return text;
}

told_record record_of(bool sent, history::datum_view partition, history::datum_view pair) {
    const bool is_pair =
        pair.is_vector() && pair.size() >= 2 && (pair[0].is_integer() || pair[0].is_nil());
    if (!is_pair) return {sent, partition, std::nullopt, pair};
    const auto offset = pair[0].is_integer() ? std::optional(pair[0].integer()) : std::nullopt;
    return {sent, partition, offset, pair[1]};
}

std::string_view act_of(history::datum_view micro) {
    return micro.is_vector() && micro.size() > 0 ? micro[0].name() : std::string_view();
}

}  // namespace verdikt::checker::report
