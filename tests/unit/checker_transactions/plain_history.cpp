#include "tests/unit/checker_transactions/plain_history.h"

#include <algorithm>

namespace verdikt::checker {

namespace {

using history::datum_view;
using history::op_type;
using history::operation;

plain_step plain(datum_view what, dialect how) {
    plain_step one{.writes = what[0].name() != "r", .key = what[1].integer()};
    const datum_view value = what[2];
    if (one.writes) {
        one.value = value.integer();
    } else if (how == dialect::lists && value.is_vector()) {
        for (const datum_view element : value) one.read.push_back(element.integer());
    } else if (value.is_integer()) {
        one.read.push_back(value.integer());
    }
    return one;
}

std::vector<plain_step> plain_steps(const operation& line, dialect how) {
    std::vector<plain_step> steps;
    for (const datum_view one : line.value.view()) {
        plain_step step = plain(one, how);
        if (step.writes || line.type == op_type::ok) steps.push_back(std::move(step));
    }
    return steps;
}

}  // namespace

std::vector<plain_transaction> plain_history(std::span<const operation> operations, dialect what) {
    std::map<std::int64_t, plain_transaction> open;
    std::vector<plain_transaction> all;
    for (const operation& line : operations) {
        if (line.type == op_type::invoke) {
            open[line.process] = {
                .process = line.process, .begun = line.index, .steps = plain_steps(line, what)};
            continue;
        }
        plain_transaction done = open[line.process];
        done.ended = line.index;
        done.type = line.type;
        done.final = line.more.view().find("final").has_value();
        done.steps = plain_steps(line, what);
        open.erase(line.process);
        all.push_back(std::move(done));
    }
    std::vector<plain_transaction> rest;
    for (auto& [process, one] : open) rest.push_back(one);
    std::ranges::sort(rest, {}, &plain_transaction::begun);
    all.insert(all.end(), rest.begin(), rest.end());
    return all;
}

}  // namespace verdikt::checker
