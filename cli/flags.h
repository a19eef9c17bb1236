/// Declares the flags of a subcommand.
///
/// A narrow face of CLI11, so that one file of ours compiles that library and not every subcommand.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace verdikt::cli {

/// One flag, to say more of it. The library owns it.
class flag {
  public:
    explicit flag(CLI::Option* option) : option_(option) {}

    flag& required();
    flag& positive();
    flag& non_negative();
    flag& one_of(const std::vector<std::string>& values);
    /// Not together with the flag of that name. Requires: it is declared.
    flag& excludes(const std::string& other);
    /// Several values may follow the flag; otherwise a list takes one value each time it is given.
    flag& many();

  private:
    CLI::Option* option_;
};

class flags {
  public:
    explicit flags(CLI::App& app) : app_(app) {}

    /// `names` is "--name", or several parted by commas. `value` keeps its content as the default
    /// and must outlive the parsing.
    flag add_option(const std::string& names, std::string& value, const std::string& meaning);
    flag add_option(const std::string& names, std::int16_t& value, const std::string& meaning);
    flag add_option(const std::string& names, std::int64_t& value, const std::string& meaning);
    flag add_option(const std::string& names, std::int32_t& value, const std::string& meaning);
    flag add_option(const std::string& names, std::uint64_t& value, const std::string& meaning);
    flag add_option(const std::string& names, double& value, const std::string& meaning);
    flag add_option(const std::string& names,
                    std::optional<std::int32_t>& value,
                    const std::string& meaning);
    flag add_option(const std::string& names,
                    std::optional<std::int64_t>& value,
                    const std::string& meaning);
    flag add_option(const std::string& names,
                    std::vector<std::string>& value,
                    const std::string& meaning);
    /// True if it is given.
    flag add_flag(const std::string& names, bool& value, const std::string& meaning);

    /// A word that says what to do, as in `cluster unregister`: the flags that it alone takes.
    /// `chosen` becomes true if it is given, and must outlive the parsing.
    flags act(const std::string& name, bool& chosen, const std::string& meaning);
    void require_act();

    /// Flags of which exactly one (`require_one`) or at most one must be given.
    flags group(const std::string& title);
    void require_one();
    void require_at_most_one();

  private:
    CLI::App& app_;
};

}  // namespace verdikt::cli
