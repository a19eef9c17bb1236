/// Gathers anomalies while a checker runs, and turns them into a judgement.
#pragma once

#include "checker/verdict/judgement.h"

#include <concepts>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace verdikt::checker {

/// By what the anomaly does (catalogue.h), then by the first operation that shows it.
[[nodiscard]] bool is_worse(const finding& one, const finding& other);

class findings {
  public:
    /// Cases beyond these are counted, not described.
    static constexpr std::size_t examples_max = 8;

    /// `model`: whose anomalies are meant where several have one of that name; without it, the
    /// first of the catalogue. It must outlive the judgement.
    explicit findings(std::string_view model = {}) : model_(model) {}

    /// `describe` makes the anomaly, and runs only where it will be shown. `name` is of the
    /// catalogue; `promised_by` names the settings that promised it away and is empty where nothing
    /// did. Both must outlive the judgement.
    template <std::invocable Describe>
    void add(std::string_view name, bool promised, Describe describe) {
        finding& here = slot(name, promised);
        ++here.count;
        if (here.examples.size() < examples_max) here.examples.push_back(describe());
    }

    void doubt(std::string why) { result_.doubts.push_back(std::move(why)); }
    void count(std::string what, std::uint64_t how_many) {
        result_.counts.emplace_back(std::move(what), how_many);
    }
    [[nodiscard]] bool has(std::string_view name) const {
        return violations_.contains(name) || allowed_.contains(name);
    }

    /// Leaves nothing behind.
    [[nodiscard]] judgement judge();

  private:
    [[nodiscard]] finding& slot(std::string_view name, bool promised);

    std::string_view model_;
    std::map<std::string_view, finding> violations_;
    std::map<std::string_view, finding> allowed_;
    judgement result_;
};

}  // namespace verdikt::checker
