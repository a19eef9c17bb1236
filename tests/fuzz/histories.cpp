/// Any bytes as a history: nothing is read outside them, what is read is the same after it was
/// written and read again in either form, and whatever a checker accepts it judges.
///
/// corpus/histories has a history of each checker's in both forms.
#include "checker/admin/admin_checker.h"
#include "checker/availability/availability.h"
#include "checker/compaction/compaction_checker.h"
#include "checker/exactly_once/exactly_once_checker.h"
#include "checker/groups/groups_checker.h"
#include "checker/history/reader.h"
#include "checker/history/writer.h"
#include "checker/list_append/list_append_checker.h"
#include "checker/log/log_checker.h"
#include "checker/rw_register/rw_register_checker.h"
#include "runtime/check.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace verdikt::checker {
namespace {

using history::operation;

using writer = void (*)(std::string&, const operation&);

/// The text of the only operation in `text`, as `write` has it.
std::string again(std::string_view text, writer write) {
    history::text_source source(text);
    const auto reader = history::open_history(source);
    CHECK(reader.has_value());
    operation one;
    const auto more = (*reader)->next(one);
    CHECK(more.has_value() && *more, "{}", text);
    std::string written;
    write(written, one);
    return written;
}

void check_history(std::string_view text) {
    history::text_source source(text);
    const auto reader = history::open_history(source);
    if (!reader) return;
    operation one;
    while (true) {
        const auto more = (*reader)->next(one);
        if (!more || !*more) return;
        std::string json;
        history::append_ndjson(json, one);
        CHECK(again(json, history::append_ndjson) == json, "{}", json);
        std::string edn;
        history::append_edn(edn, one);
        CHECK(again(edn, history::append_edn) == edn, "{}", edn);
    }
}

using judge = std::optional<judgement> (*)(history::operation_reader&);

/// Of a checker whose recording, settings and judge have the names that most of them have.
template <typename Recording>
std::optional<judgement> judge_by(history::operation_reader& reader) {
    const auto recorded = Recording::read(reader);
    if (!recorded) return std::nullopt;
    return check(*recorded, {});
}

std::optional<judgement> judge_lists(history::operation_reader& reader) {
    const auto recorded = list_append::list_history::read(reader);
    if (!recorded) return std::nullopt;
    const auto model = transactions::consistency_model::named(transactions::strictest_model);
    return list_append::check(*recorded, *model);
}

std::optional<judgement> judge_registers(history::operation_reader& reader) {
    const auto recorded = rw_register::read(reader);
    if (!recorded) return std::nullopt;
    const auto model = transactions::consistency_model::named(transactions::strictest_model);
    return rw_register::check(*recorded, {.model = *model, .linearizable_keys = true});
}

/// With a fault before, during and after whatever the history has.
std::optional<judgement> judge_availability(history::operation_reader& reader) {
    const auto seen = availability::measure(
        reader, {{"kill", 0, 1}, {"pause", 1'500'000, 2'500'000}, {"kill", 4'000'000, 4'000'000}});
    if (!seen) return std::nullopt;
    return availability::judge(*seen);
}

void check_judgement(std::string_view text, judge judge_it) {
    history::text_source source(text);
    const auto reader = history::open_history(source);
    if (!reader) return;
    const auto judged = judge_it(**reader);
    if (!judged) return;
    CHECK((judged->says == verdict::violation) == !judged->violations.empty());
}

constexpr std::array judges{judge_lists,
                            judge_registers,
                            judge_by<log::recording>,
                            judge_by<exactly_once::recording>,
                            judge_by<groups::recording>,
                            judge_by<compaction::recording>,
                            judge_by<admin::recording>,
                            judge_availability};

}  // namespace
}  // namespace verdikt::checker

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    verdikt::checker::check_history(text);
    for (const auto judge : verdikt::checker::judges)
        verdikt::checker::check_judgement(text, judge);
    return 0;
}
