use super::*;

fn plan() -> Plan {
    let mut plan = Plan::default();
    plan.toggle_seat(&Seat::new("sprout", "sft"));
    plan
}

fn experiment(plan: &Plan) -> Result<Experiment, PlanError> {
    plan.experiment(|seat| if seat.stage == "base" { Form::Raw } else { Form::Chat })
}

#[test]
fn a_plan_is_an_experiment_that_can_be_prepared() {
    let experiment = experiment(&plan()).expect("it is whole");
    assert_eq!((experiment.count, experiment.seed, experiment.batch), (20, 1, 8));
    assert_eq!(experiment.stages[0].key, "sft");
    assert_eq!(experiment.stages[0].form, Form::Chat);
    assert_eq!(experiment.prepare(None).expect("generated").problems.len(), 20);
    let json = serde_json::to_string(&experiment).expect("plain data");
    assert_eq!(Experiment::from_json(&json), Ok(experiment));
}

#[test]
fn what_is_missing_is_said() {
    let mut plan = plan();
    plan.set_figure(Figure::Count, "many".into());
    assert_eq!(experiment(&plan), Err(PlanError::Figure(Figure::Count)));
    plan.set_figure(Figure::Count, "0".into());
    assert!(matches!(experiment(&plan), Err(PlanError::Other(_))));
    plan.set_figure(Figure::Count, "3".into());
    plan.set = ProblemSet::Table;
    assert_eq!(experiment(&plan), Err(PlanError::NoTable));
    plan.toggle_language(Language::En);
    assert_eq!(experiment(&plan), Err(PlanError::NoLanguage));
    plan.toggle_seat(&Seat::new("sprout", "sft"));
    assert_eq!(experiment(&plan), Err(PlanError::NoStage));
    plan.drop_technique(1);
    plan.drop_technique(0);
    assert_eq!(experiment(&plan), Err(PlanError::NoTechnique));
}

#[test]
fn figures_are_typed_as_people_type_them() {
    let mut plan = plan();
    plan.set_figure(Figure::Temperature, " 0,5 ".into());
    assert_eq!(experiment(&plan).map(|it| it.sampling.temperature), Ok(0.5));
    for (at, figure) in FIGURES.into_iter().enumerate() {
        assert_eq!(figure as usize, at);
    }
}

#[test]
fn techniques_that_are_turned_get_another_name() {
    let mut plan = plan();
    plan.turn(1, Knob::Shots, 2.0);
    assert_eq!(plan.techniques[1].key, "few_shot_cot-2");
    plan.turn(1, Knob::Votes, 9.0);
    assert_eq!(plan.techniques[1].key, "few_shot_cot-2", "it has no such knob");
    plan.turn(7, Knob::Shots, 2.0);
    assert_eq!(plan.techniques.len(), 2);
}

#[test]
fn stages_of_several_models_have_keys_of_their_own() {
    let mut plan = plan();
    plan.toggle_seat(&Seat::new("gemma-3-270m", "sft"));
    let keys: Vec<String> =
        stages(&plan.seats, |_| Form::Chat).into_iter().map(|it| it.key).collect();
    assert_eq!(keys, ["sprout-sft", "gemma-3-270m-sft"]);
    assert!(experiment(&plan).is_ok());
}

#[test]
fn a_discussion_goes_on_without_who_is_gone() {
    let mut plan = plan();
    for stage in ["base", "rlhf"] {
        plan.toggle_seat(&Seat::new("sprout", stage));
    }
    plan.add(knobs::offered("discussion").expect("it is offered"));
    let invite = |technique: &mut Technique| {
        if let Technique::Discussion { speakers, judge, .. } = technique {
            *speakers = vec!["sft".into(), "base".into()];
            *judge = "rlhf".into();
        }
    };
    plan.change(2, invite);
    assert!(experiment(&plan).expect("it is whole").prepare(None).is_ok());
    plan.toggle_seat(&Seat::new("sprout", "rlhf"));
    plan.toggle_seat(&Seat::new("sprout", "base"));
    let own = |plan: &Plan| experiment(plan).expect("it is whole").techniques[2].clone();
    let Technique::Discussion { speakers, judge, .. } = own(&plan).technique else {
        panic!("another technique")
    };
    assert_eq!((speakers, judge), (vec!["sft".to_owned()], String::new()));
    // Stages that were never in the plan: it came from somewhere else.
    plan.change(2, invite);
    assert!(experiment(&plan).expect("it is whole").prepare(None).is_ok());
    assert_eq!(own(&plan).name.en.matches("base").count(), 0);
}

#[test]
fn a_table_brings_its_languages_and_its_number() {
    let problem = |id: &str, lang| Problem {
        id: id.into(),
        lang,
        prompt: format!("question {id}"),
        accept: vec!["1".into()],
        ..Problem::default()
    };
    let mut plan = plan();
    let problems =
        vec![problem("a", Language::Zh), problem("b", Language::En), problem("c", Language::En)];
    let asked = |plan: &Plan| {
        experiment(plan).expect("it is whole").prepare(None).map(|it| it.problems.len())
    };
    let named = |problems| Table { name: "mine.csv".into(), problems };
    // The default plan shows four examples: two rows of a language allow one.
    plan.take_table(named(problems.clone()));
    assert_eq!((&plan.languages[..], plan.figure(Figure::Count)), (&[Language::En][..], "1"));
    assert_eq!(asked(&plan), Ok(1));
    plan.drop_technique(1);
    plan.take_table(named(problems));
    assert_eq!((&plan.languages[..], plan.figure(Figure::Count)), (&Language::ALL[..], "1"));
    assert_eq!(asked(&plan), Ok(2));
    // Ten rows: four are shown, six are asked.
    let mut plan = self::plan();
    let many = (0..10).map(|at| problem(&at.to_string(), Language::Zh)).collect();
    plan.take_table(named(many));
    assert_eq!((plan.figure(Figure::Count), asked(&plan)), ("6", Ok(6)));
    // One row is asked, and nothing shown; nor are rows without an answer.
    let mut plan = self::plan();
    plan.take_table(named(vec![problem("a", Language::En)]));
    assert_eq!((plan.figure(Figure::Count), asked(&plan)), ("1", Ok(1)));
    let open = |id: &str| Problem { accept: Vec::new(), ..problem(id, Language::En) };
    let mut plan = self::plan();
    plan.take_table(named(vec![open("a"), open("b")]));
    assert_eq!((plan.figure(Figure::Count), asked(&plan)), ("2", Ok(2)));
}
