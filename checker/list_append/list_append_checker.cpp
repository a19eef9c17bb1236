#include "checker/list_append/list_append_checker.h"

#include "checker/list_append/evidence.h"
#include "checker/verdict/catalogue_parts.h"

namespace verdikt::checker::list_append {

std::expected<list_history, history::malformed> list_history::read(
    history::operation_reader& from) {
    list_history all;
    auto operations = recording::read(from, "append", all.lists);
    if (!operations) return std::unexpected(operations.error());
    all.operations = std::move(*operations);
    return all;
}

std::uint32_t evidence::key_of(const step& one) const {
    switch (one.what()) {
        case act::write:
            return history.operations.values().partition_of(one.subject);
        case act::read:
            return history.operations.values().partition_of(list(one.subject).value);
        case act::read_nothing:
            break;
    }
    return one.subject;
}

judgement check(const list_history& history,
                const transactions::consistency_model& asked,
                const transactions::run_floor& least) {
    const transactions::writers writers(history.operations);
    const transactions::wording words(history.operations);
    const evidence seen{history, writers, asked, words};
    findings found(transactions_model);
    transactions::add_totals(history.operations, found);
    transactions::doubt_ambiguous_values(writers.ambiguous(), found);
    check_elements(seen, found);
    check_reads(seen, found);
    check_orders(seen, found);
    check_updates(seen, found);
    const auto key_of = [&seen](const step& one) { return seen.key_of(one); };
    const transactions::final_reads last(history.operations, key_of);
    check_final_reads(seen, last, found);
    transactions::doubt_thin_run(history.operations, last, key_of, least, found);
    check_cycles(seen, found);
    return found.judge();
}

}  // namespace verdikt::checker::list_append
