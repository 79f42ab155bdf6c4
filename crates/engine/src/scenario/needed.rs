//! What the keys are that no file may leave out, in Chinese.
//!
//! The schema says it in English, where the types of the files are written; a test asks that no needed key is missing
//! here.

/// The keys in the order of the alphabet, each with what it is.
const NEEDED: [(&str, &str); 167] = [
    ("about", "政策概况"),
    ("admission", "住院次数"),
    ("admission_loading", "健康风险每增一个标准差，住院率的对数增加多少（0至3）"),
    ("admissions", "对住院次数的系数"),
    ("admissions_growth_sd", "最后给定年度之后住院率年对数增长的标准差"),
    ("admissions_log_sd", "各县区共同的住院率水平的对数标准差"),
    ("age_weight", "各年龄段的权重，相对于当地该年龄段的常住人口"),
    ("also", "其中一部分人同时持有的另一人员类别"),
    ("annual_cap_yuan", "年度封顶线（元）"),
    ("approval_share", "申请并获批准的家庭比例"),
    ("at_most", "不应超过的比例"),
    ("band_from_age", "各年龄段的起始年龄，从0开始依次增大"),
    ("bands", "分段，从起付标准往上；最后一段没有上限"),
    ("bands_on", "分段按什么计算"),
    ("basic", "基本医保，按保险种类"),
    ("behaviour", "待遇响应"),
    ("categories", "人员类别的标识"),
    ("category", "各人员类别的系数；`ordinary`为没有身份者，`default`为未列出者"),
    ("category_admissions_log_sd", "各人员类别相对于普通居民的住院率的对数标准差"),
    ("changes", "改动哪些规则"),
    ("chronic", "门诊特殊慢性病"),
    ("chronic_correlation", "长期体质与患门诊特殊慢性病倾向的相关（-1至1）"),
    ("chronic_visits_log_sd", "门诊特殊慢性病就诊水平的对数标准差"),
    ("cite", "依据条款"),
    ("city", "市域内"),
    ("condition", "重特大疾病，按标识"),
    ("conditions", "对各种重特大疾病患病率的系数"),
    ("contribution", "居民医保个人缴费，按组；适用最先符合的一组"),
    ("cost", "住院费用"),
    ("cost_growth_sd", "最后给定年度之后次均费用年对数增长的标准差"),
    ("cost_loading", "健康风险每增一个标准差，住院费用的对数增加多少（0至2）"),
    ("cost_log_sd", "各县区共同的次均费用水平的对数标准差"),
    ("costly_stay_yuan", "高费用住院线（元，0至1000000）"),
    ("county", "县域内"),
    ("county_admissions_log_sd", "一个县区各年共同的住院率水平的对数标准差"),
    ("county_cost_log_sd", "一个县区各年共同的次均费用水平的对数标准差"),
    ("county_year_admissions_log_sd", "一个县区一年的住院率的对数标准差"),
    ("county_year_cost_log_sd", "一个县区一年的次均费用的对数标准差"),
    ("covers", "覆盖哪些键，`*`代表其余部分"),
    ("days_cv", "住院天数的变异系数（0至3）"),
    ("death_rate", "每人每年的死亡率，未乘`mortality_ratio`"),
    ("deductible_reduction", "起付标准降低的比例"),
    ("deductible_yuan", "起付标准（元）"),
    ("default", "县区未自行设定时的值"),
    ("delay_months", "认定时滞（月）"),
    ("description_en", "方案的英文说明"),
    ("description_zh", "方案的中文说明"),
    ("document", "文件的名称、文号和日期"),
    ("elsewhere", "省外"),
    ("employee_share", "各年龄段参加职工医保的比例"),
    ("en", "英文名称"),
    ("exit_per_year", "患病后一年内好转的概率（0至1）"),
    ("extra_stays_per_year", "每年比其他人多住院几次（0至20）"),
    ("female", "女性"),
    ("first_year", "首个可结算年度"),
    ("from", "起始月份，如`2022-08`"),
    ("funder", "出资方，政策`funders`中的标识"),
    ("funders", "各出资方及其比例，合计为1；最后一个可写`\"rest\"`"),
    ("given_to", "认定单位：整户或个人"),
    ("grade", "来源等级：`A`官方或统计，`B`具名媒体，`C`几个汇编一致，没有来源时留空"),
    ("groups", "情况相近的人员类别组成的人群；每个人员类别只属于一个人群"),
    ("growth_per_year", "最后给定年度之后的年增长率"),
    ("household_sizes", "1人户、2人户、3人户……的比例，至多16种"),
    ("in_force", "施行日期，如`2022-08-01`"),
    ("income_mean_relative", "家庭人均收入的均值，为当地农村人均可支配收入的倍数"),
    ("income_sigma", "该收入在家庭之间的对数标准差"),
    ("inpatient", "住院，按医院等级"),
    ("insurance", "适用的保险种类"),
    ("kind", "条款类型：money、status、watch、frame或superseded"),
    ("kinds", "费用类别"),
    ("label", "名称"),
    ("label_en", "英文名称"),
    ("label_zh", "中文名称"),
    ("least_yuan", "一次住院的最低费用（元，1至1000）"),
    ("level", "各等级医院，四个等级都要写"),
    ("level_shares", "各等级医院所占比例（0至1），合计为1"),
    ("line", "支出项目"),
    ("lines", "支出项目的名称"),
    ("locality", "该等级医院的住院按就医地的比例（0至1），合计为1"),
    ("log_sd", "同一医院等级、同一健康风险之内费用的对数标准差（0.1至3）"),
    ("loss_per_year", "年退出率（死亡和年龄以外）"),
    ("major", "重特大疾病门诊"),
    ("male", "男性"),
    ("mean_by_year", "各年次均住院费用（元，1至1000000）"),
    ("mean_days", "平均住院天数（1至60）"),
    ("model", "疾病模型的文件名，不写文件夹和`.toml`"),
    ("month_weights", "1至12月的相对住院次数（十二个值，0至10）"),
    ("months", "到账的月份，各月等额"),
    ("mortality_ratio", "死亡率为`death_rate`的倍数"),
    ("most_stays", "一人一年至多住院几次（1至52）"),
    ("most_yuan", "一次住院的最高费用（元，100000至100000000）"),
    ("name_en", "英文名称"),
    ("name_zh", "中文名称"),
    ("newborn_share", "该人群去世者的名额由新生儿补上的比例"),
    ("newly_recognised", "年内新认定人员的参保资助：`unless_paid`、`always`或`from_next_year`"),
    ("of", "计算其人数的人员类别"),
    ("ordinary", "普通居民"),
    ("ordinary_income", "普通居民人均收入所用的收入名称"),
    ("ordinary_income_sigma", "该收入在家庭之间的对数标准差"),
    ("out_of_catalogue", "目录外费用的比例"),
    ("outpatient", "普通门诊"),
    ("outpatient_share", "其中按门诊结算的费用比例（0至1）"),
    ("permanent_share", "长期部分占比（0至1）"),
    ("place", "测算地区的文件夹"),
    ("place_factor", "本地的系数（0.1至10）"),
    ("policy", "政策文件名，不写文件夹和`.toml`"),
    ("pool", "支付计入的共用额度"),
    ("population", "如何生成人口"),
    ("precision_target", "精度目标"),
    ("prevalence_by_age", "各年龄的患病比例（0至0.9）"),
    ("prevalence_per_1000_by_age", "各年龄每千人的患病人数（0至100）"),
    ("province", "省域内"),
    ("rank", "身份排序，最优的在前"),
    ("rate_by_year", "标准人口每参保人年的住院次数，按年度（0至2）"),
    ("ratio", "支付比例"),
    ("ratio_at_most", "支付比例的上限"),
    ("ratio_points", "支付比例增加的百分点（小数）"),
    ("ratio_raise", "支付比例提高多少，至多到1"),
    ("recognised_as", "认定为哪个人员类别"),
    ("referred", "按规定转诊的住院比例，按就医地（0至1）"),
    ("relative_cost_yuan", "该等级医院的次均费用（元，同一年度），与其他等级相比"),
    ("relative_female", "女性各年龄段的相对住院率（0至20）"),
    ("relative_male", "男性各年龄段的相对住院率（0至20）"),
    ("replicates", "模拟次数"),
    ("resident", "居民医保"),
    ("response_to_generosity", "待遇响应：对普通居民以外各类人员住院率的系数，1为没有响应（0.2至5）"),
    ("risk", "个人的健康风险及其持续"),
    ("run", "如何测算"),
    ("rural_share", "农村户籍的比例"),
    ("seed", "随机种子"),
    ("self_pay_share_of_income", "家庭一年的个人自付超过收入的这一比例才可申请"),
    ("share", "比例"),
    ("shock", "一年或一个县区一年共同的冲击"),
    ("source", "来源，或推算的理由"),
    ("standard_female", "标准人口中女性各年龄段的比例（0至1）"),
    ("standard_male", "标准人口中男性各年龄段的比例（0至1），两性合计为1"),
    ("status", "查得（`found`）、推导（`derived`）或推算（`assumed`）"),
    ("stay", "住院的时间、地点和天数"),
    ("stay_cost_factor", "患病期间每次住院费用的系数（0.1至10）"),
    (
        "stays",
        "跨年度住院归入院年度（`by_admission`）、出院年度（`by_discharge`），还是按天数分摊（`split`）",
    ),
    ("tail_from", "费用分布主体所占的比例，其余为尾部（0.9至0.9999）"),
    ("tail_index", "尾部指数（1.2至10）"),
    ("tail_index_log_sd", "尾部指数的对数标准差"),
    ("target", "目标比例"),
    ("threshold_yuan", "门槛（元），按个人全年自付"),
    ("title_en", "英文标题"),
    ("title_zh", "中文标题"),
    ("uncapped", "是否取消年度封顶线"),
    ("uncertainty", "不确定的参数，每次模拟抽取一次"),
    ("user_share", "一年中有普通门诊费用的人员比例（0至1）"),
    ("visit_cv", "各季度就诊费用的变异系数（0至3）"),
    ("visit_yuan", "次均就诊费用（元，1至10000）"),
    ("visits_per_insured_by_year", "标准人口每参保人的就诊次数，按年度（0至20）"),
    ("when", "适用费用"),
    ("where", "在文件中的位置"),
    ("who", "适用人员"),
    ("year_admissions_log_sd", "一年共同的住院率的对数标准差"),
    ("year_correlation", "二者的相关（-1至1）"),
    ("year_cost_log_sd", "一年共同的次均费用的对数标准差"),
    ("year_cv", "就诊者全年费用的变异系数（0至5）"),
    ("year_mean_yuan", "全年平均费用（元）"),
    ("year_sd_yuan", "全年费用在个人之间的标准差（元）"),
    ("year_to_year", "年际相关（0至0.99）"),
    ("years", "测算年度，从小到大、中间不缺"),
    ("yuan", "各年度的金额（元）"),
    ("yuan_by_year", "各年度的人均金额（元）"),
    ("zh", "中文名称"),
];

/// What a needed key is.
pub(super) fn in_chinese(key: &str) -> &'static str {
    let found = NEEDED.binary_search_by(|(name, _)| name.cmp(&key));
    found.map_or("这个键", |at| NEEDED[at].1)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::Value;

    use super::*;
    use crate::raw;
    use crate::scenario::schema;

    /// The needed keys below a schema, each with what the schema says of it.
    fn below(schema: &Value, all: &mut BTreeMap<String, String>) {
        let needed = schema.get("required").and_then(Value::as_array);
        for key in needed.into_iter().flatten().filter_map(Value::as_str) {
            let said = schema.pointer(&format!("/properties/{key}/description"));
            all.insert(key.to_owned(), said.and_then(Value::as_str).unwrap_or_default().to_owned());
        }
        match schema {
            Value::Object(table) => table.values().for_each(|inner| below(inner, all)),
            Value::Array(items) => items.iter().for_each(|inner| below(inner, all)),
            _ => {}
        }
    }

    #[test]
    fn exact_every_needed_key_is_known_and_no_other() {
        let mut all = BTreeMap::new();
        below(&schema::of::<raw::settings::Scenario>(), &mut all);
        below(&schema::of::<raw::policy::Policy>(), &mut all);
        below(&schema::of::<raw::place::Place>(), &mut all);
        below(&schema::of::<raw::model::RawModel>(), &mut all);
        let known: Vec<&str> = NEEDED.iter().map(|(key, _)| *key).collect();
        let needed: Vec<&str> = all.keys().map(String::as_str).collect();
        assert_eq!(known, needed, "{all:#?}");
    }
}
