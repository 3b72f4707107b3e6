#![allow(missing_docs)]
use chancery::{config,lexicon::Lexicon,pipeline,explain,decode,model::*};
use chrono::*;
fn main(){
 let t0=std::time::Instant::now();
 let files=config::lexicon_files(&[]).unwrap();
 let lex=match Lexicon::load(&files){Ok(l)=>l,Err(p)=>{ for x in p.iter().take(40){println!("{x}");} println!("{} problems",p.len()); return;}};
 eprintln!("lexicon {:?}",t0.elapsed());
 let args:Vec<String>=std::env::args().collect();
 let mode=args[1].as_str();
 if mode=="-t" { let item=Item{path:"x.json".into(),range:None,bytes:serde_json::json!({"text":args[2],"date":"2026-11-25","language":"en"}).to_string().into_bytes(),seen_at:Utc::now()};
   for a in decode::decode(item,&decode::Options::default()).articles { println!("{}",explain::text(&pipeline::read(a,&lex),&explain::Options{trees:true,..Default::default()})); } return; }
 if mode=="-f" { let item=Item{path:args[2].clone(),range:None,bytes:std::fs::read(&args[2]).unwrap(),seen_at:Utc::now()};
   for a in decode::decode(item,&decode::Options::default()).articles { println!("{}",explain::text(&pipeline::read(a,&lex),&explain::Options{trees:args.len()>3,..Default::default()})); } return; }
 let coder=chancery::record::Coder{lexicon:"x".into(),lexicon_sha256:"x".into()};
 let mut ev=String::new(); let mut ar=String::new(); let t1=std::time::Instant::now(); let mut n=0;
 for l in std::fs::read_to_string(mode).unwrap().lines(){ let item=Item{path:"x.json".into(),range:None,bytes:l.as_bytes().to_vec(),seen_at:Utc::now()};
  for a in decode::decode(item,&decode::Options::default()).articles { n+=1; let d=pipeline::read(a,&lex); let (e,a)=chancery::record::records(&d,&coder,Utc::now()); for x in e {ev+=&serde_json::to_string(&x).unwrap(); ev.push('\n');} ar+=&serde_json::to_string(&a).unwrap(); ar.push('\n'); } }
 eprintln!("{n} items {:?}",t1.elapsed());
 std::fs::write("/tmp/ev.jsonl",ev).unwrap(); std::fs::write("/tmp/ar.jsonl",ar).unwrap();
}
