#include "checker/rw_register/rw_register_checker.h"

#include "checker/rw_register/evidence.h"
#include "checker/transactions/lost_updates.h"
#include "checker/verdict/catalogue_parts.h"

#include <fmt/format.h>

namespace verdikt::checker::rw_register {

namespace {

class register_values : public transactions::read_values {
  public:
    [[nodiscard]] std::expected<std::optional<std::uint32_t>, std::string> number_of(
        transactions::message_table& values,
        std::uint32_t key,
        history::datum_view value,
        std::uint32_t /*row*/) override {
        if (value.is_nil()) return std::nullopt;
        return values.number_of(key, value);
    }
};

}  // namespace

std::expected<recording, history::malformed> read(history::operation_reader& from) {
    register_values reads;
    return recording::read(from, "w", reads);
}

std::string evidence::text_of(version one) const {
    return one < values() ? words.value(one)
                          : fmt::format("{} unwritten", words.key(key_of_version(one)));
}

std::uint32_t evidence::writer_of(version one) const {
    if (one >= values() || writers.intermediate(one)) return none;
    const std::uint32_t writer = writers.of(one);
    return writer != none && rows()[writer].possible() ? writer : none;
}

std::span<const access> access_reader::of(const row& which) {
    accesses_.clear();
    place_.next_row();
    for (const step& one : seen_.history.steps_of(which)) {
        const std::uint32_t key = seen_.key_of(one);
        const std::uint32_t* place = place_.find(key);
        const bool first = place == nullptr;
        if (first) {
            place_.set(key, static_cast<std::uint32_t>(accesses_.size()));
            accesses_.push_back({.key = key});
        }
        access& here = first ? accesses_.back() : accesses_[*place];
        if (one.what() == act::write) {
            here.written = one.subject;
        } else if (first && which.ok()) {
            here.read = seen_.version_of(one);
        }
    }
    return accesses_;
}

judgement check(const recording& history, const settings& asked) {
    const transactions::writers writers(history);
    const transactions::wording words(history);
    const evidence seen{history, writers, asked, words};
    findings found(transactions_model);
    transactions::add_totals(history, found);
    transactions::doubt_ambiguous_values(writers.ambiguous(), found);
    check_reads(seen, found);
    const auto key_of = [&seen](const step& one) { return seen.key_of(one); };
    transactions::check_lost_updates(history, seen.values(), key_of, asked.model, found);
    const transactions::final_reads last(history, key_of);
    check_final_reads(seen, last, found);
    transactions::doubt_thin_run(history, last, key_of, asked.least, found);
    check_cycles(seen, order_versions(seen, found), found);
    return found.judge();
}

}  // namespace verdikt::checker::rw_register
